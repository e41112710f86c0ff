#include "operation/path_pattern.hpp"

namespace portico::operation {

const std::string PathPattern::summary_step = "summary";

namespace path_pattern {

const std::array<model::PathStep, 1> calling_account_path = {
    model::PathStep{.kind = model::PathStep::Kind::Fixed, .text = "me"}};

}  // namespace path_pattern
}  // namespace portico::operation
