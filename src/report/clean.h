#pragma once

#include <string>
#include <string_view>

namespace wiretight::report {

// The last gate before anything is written: foreign text as it may be shown to people, logs and other programs. What
// `sanitise` says, without its limit; newlines stay when `lines` is set, else they become blanks. Beyond that no secret
// passes that can be told from its looks or its name:
// - user and password in a URL become "***"; an access key id keeps its first and last four characters
// - what follows the name of a secret ("aws_secret_access_key = …", "X-Amz-Security-Token=…", "Authorization: …")
//   becomes "***"
std::string clean(std::string_view text, bool lines = false);

// Whether a key of that name holds a secret, however it is spelled: "SecretAccessKey", "aws-session-token".
bool names_secret(std::string_view key);

}  // namespace wiretight::report
