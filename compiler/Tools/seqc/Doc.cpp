//===- Doc.cpp - seqc doc -------------------------------------------------===//
// A reference of definitions, from their text and their comments.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Documentation.h"
#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/ModelOptions.h"

namespace seqc::tool {

void addDoc(CLI::App &app) {
  CLI::App *command = app.add_subcommand(
      "doc", "print a file's definitions as Markdown, or the library's");
  auto file = std::make_shared<std::string>();
  command->add_option("FILE", *file, "a .seq file (default: the library)");
  command->footer("What a definition says of itself is the `///` lines before "
                  "it.\n\nExamples:\n"
                  "  seqc doc\n"
                  "  seqc doc examples/rnn.seq");
  command->callback([command, file] {
    print(command->count("FILE") ? document(readSource(*file))
                                 : documentLibrary());
  });
}

} // namespace seqc::tool
