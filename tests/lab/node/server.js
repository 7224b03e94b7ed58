// An https server for every Node since 0.8: server.js ADDRESS PORT CERTIFICATE KEY [CIPHERS [DHPARAM]].
var fs = require('fs');
var https = require('https');

var args = process.argv.slice(2);
var options = { cert: fs.readFileSync(args[2]), key: fs.readFileSync(args[3]) };
if (args[4]) options.ciphers = args[4];
if (args[5]) options.dhparam = fs.readFileSync(args[5]);
if (args[4]) {
  options.secureProtocol = 'SSLv23_method';
  options.honorCipherOrder = false;
}
var server = https.createServer(options, function (request, response) {
  response.writeHead(200, { 'Content-Length': 3 });
  response.end('ok\n');
});
server.on('clientError', function (error, socket) { if (socket && socket.destroy) socket.destroy(); });
server.listen(Number(args[1]), args[0], 512);
process.on('uncaughtException', function () {});
