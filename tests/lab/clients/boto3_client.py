"""A real client of DynamoDB: boto3 does a little of everything at the endpoint that the first argument (JSON) describes.

The names of `hosts` resolve to the addresses given there, so that a client that means to reach AWS reaches the lab.
Prints, as JSON, how many requests of which operation it has made (botocore's own count, retries included).
"""

import collections
import json
import socket
import sys

import boto3
import botocore.config
import botocore.exceptions

ask = json.loads(sys.argv[1])
real_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host, *rest, **options):
    return real_getaddrinfo(ask.get("hosts", {}).get(host, host), *rest, **options)


socket.getaddrinfo = getaddrinfo
sent = collections.Counter()


def client(service):
    made = boto3.client(
        service, endpoint_url=ask["endpoint"], region_name=ask["region"], verify=ask.get("verify", True),
        aws_access_key_id=ask["key"], aws_secret_access_key="a-secret-that-must-never-cross-the-wire",
        aws_session_token=ask.get("token"),
        config=botocore.config.Config(retries={"max_attempts": 0}, proxies=ask.get("proxies"), read_timeout=10,
                                      connect_timeout=5))

    def count(model, params, **rest):
        sent[model.name] += 1
    made.meta.events.register("before-call", count)
    return made


dynamodb = client("dynamodb")
table = ask["table"]
try:
    dynamodb.create_table(TableName=table, BillingMode="PAY_PER_REQUEST",
                          KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                          AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1})
except botocore.exceptions.ClientError as already:
    if already.response["Error"]["Code"] != "ResourceInUseException":
        raise
for number in range(ask.get("items", 5)):
    dynamodb.put_item(TableName=table, Item={"id": {"S": str(number)}, "card": {"S": "4111-1111-1111-1111"},
                                             "filling": {"S": "x" * ask.get("filling", 10)}})
for number in range(ask.get("items", 5)):
    dynamodb.get_item(TableName=table, Key={"id": {"S": str(number)}})
dynamodb.query(TableName=table, KeyConditionExpression="id = :id", ExpressionAttributeValues={":id": {"S": "1"}})
dynamodb.scan(TableName=table)
dynamodb.batch_get_item(RequestItems={table: {"Keys": [{"id": {"S": "1"}}]}})
try:
    client("dynamodbstreams").list_streams(TableName=table)
except botocore.exceptions.ClientError:
    pass  # the server of the lab has no streams; the request was sent all the same
print(json.dumps(sent))
