#include <iostream>

#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/cli/terminal.hpp"

namespace portico::app {
namespace {

void print_json(const model::Mistakes& mistakes) {
  std::cout << "{\"mistakes\":[";
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    const model::Mistake& mistake = mistakes[i];
    std::cout << (i > 0 ? "," : "") << "{\"line\":" << mistake.position.line
              << ",\"column\":" << mistake.position.column << ",\"message\":" << json_text(mistake.message)
              << ",\"hint\":" << json_text(mistake.hint) << '}';
  }
  std::cout << "]}\n";
}

std::string summary(const model::Api& api) {
  std::string text = std::to_string(api.resources.size()) + " resources in " + std::to_string(api.versions.size()) +
                     (api.versions.size() == 1 ? " version" : " versions") + ":";
  for (const auto& resource : api.resources) text += " " + resource->name;
  return text;
}

}  // namespace

ExitCode check(const CheckOptions& options) {
  if (options.subject == CheckSubject::Schema) {
    std::cout << model::description_schema();
    return ExitCode::Done;
  }
  const auto loaded = model::load_yaml(read_file(options.description));
  if (const auto* api = std::get_if<std::shared_ptr<const model::Api>>(&loaded)) {
    if (options.output == Output::Json) {
      print_json({});
    } else {
      std::cout << options.description << ": good. " << summary(**api) << '\n';
    }
    return ExitCode::Done;
  }
  const auto& mistakes = std::get<model::Mistakes>(loaded);
  if (options.output == Output::Json) {
    print_json(mistakes);
  } else {
    for (const model::Mistake& mistake : mistakes) std::cout << format_mistake(options.description, mistake) << '\n';
    std::cout << mistakes.size() << (mistakes.size() == 1 ? " mistake.\n" : " mistakes.\n");
  }
  return ExitCode::Misused;
}

}  // namespace portico::app
