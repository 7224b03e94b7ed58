#include "app/cli/program.h"

int main(int count, char** words) { return wiretight::cli::run_on_this_machine(count, words); }
