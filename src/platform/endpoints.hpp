#pragma once

#include "platform/call.hpp"

namespace portico::platform {

// What the developer space's API answers with; routes.cpp says what each is asked by. One file of sources for each
// subject.

// serve_session.cpp
[[nodiscard]] base::Result<Reply> show_session(Call& call);
[[nodiscard]] base::Result<Reply> begin_session(Call& call);
[[nodiscard]] base::Result<Reply> end_session(Call& call);
[[nodiscard]] base::Result<Reply> change_profile(Call& call);

// serve_scopes.cpp
[[nodiscard]] base::Result<Reply> list_scopes(Call& call);

// serve_extensions.cpp
[[nodiscard]] base::Result<Reply> list_extensions(Call& call);
[[nodiscard]] base::Result<Reply> declare_extension(Call& call);
[[nodiscard]] base::Result<Reply> show_extension(Call& call);
[[nodiscard]] base::Result<Reply> change_extension(Call& call);
[[nodiscard]] base::Result<Reply> show_history(Call& call);
[[nodiscard]] base::Result<Reply> show_marketplace(Call& call);
[[nodiscard]] base::Result<Reply> show_review(Call& call);

// serve_images.cpp
[[nodiscard]] base::Result<Reply> show_image(Call& call);
[[nodiscard]] base::Result<Reply> put_image(Call& call);
[[nodiscard]] base::Result<Reply> delete_image(Call& call);

// serve_versions.cpp
[[nodiscard]] base::Result<Reply> begin_version(Call& call);
[[nodiscard]] base::Result<Reply> show_version(Call& call);
[[nodiscard]] base::Result<Reply> change_version(Call& call);
[[nodiscard]] base::Result<Reply> move_version(Call& call);

// serve_commits.cpp
[[nodiscard]] base::Result<Reply> add_commit(Call& call);
[[nodiscard]] base::Result<Reply> list_files(Call& call);
[[nodiscard]] base::Result<Reply> show_file(Call& call);

// serve_authorisations.cpp
[[nodiscard]] base::Result<Reply> authorise_version(Call& call);
[[nodiscard]] base::Result<Reply> list_authorisations(Call& call);
[[nodiscard]] base::Result<Reply> revoke_authorisation(Call& call);

// serve_runs.cpp
[[nodiscard]] base::Result<Reply> make_test_token(Call& call);
[[nodiscard]] base::Result<Reply> begin_run(Call& call);
[[nodiscard]] base::Result<Reply> renew_token(Call& call);

// serve_keys.cpp
[[nodiscard]] base::Result<Reply> list_keys(Call& call);
[[nodiscard]] base::Result<Reply> create_key(Call& call);
[[nodiscard]] base::Result<Reply> rotate_key(Call& call);
[[nodiscard]] base::Result<Reply> revoke_key(Call& call);

// serve_usage.cpp
[[nodiscard]] base::Result<Reply> show_usage(Call& call);
[[nodiscard]] base::Result<Reply> list_requests(Call& call);

}  // namespace portico::platform
