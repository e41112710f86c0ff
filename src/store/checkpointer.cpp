#include "store/checkpointer.hpp"

#include <algorithm>
#include <exception>
#include <iostream>
#include <utility>

#include <sqlite3.h>

namespace portico::store {

std::optional<CheckpointPass> make_checkpoint_pass(SqliteConnection& connection) {
  CheckpointPass pass;
  const int code =
      sqlite3_wal_checkpoint_v2(connection.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, &pass.logged, &pass.brought);
  if (code == SQLITE_BUSY) return std::nullopt;
  if (code != SQLITE_OK) connection.fail("checkpoint");
  return CheckpointPass{.logged = std::max(pass.logged, 0), .brought = std::max(pass.brought, 0)};
}

Checkpointer::Checkpointer(std::filesystem::path file) : file_(std::move(file)), thread_([this] { serve(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Checkpointer::begin_pass(int logged) {
  last_ = {.logged = logged, .brought = logged < last_.logged ? 0 : last_.brought};
  under_way_ = true;
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
  }
  wake_.notify_one();
}

void Checkpointer::serve() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return asked_ || ending_; });
      if (ending_) return;
      asked_ = false;
    }
    make_pass();
    under_way_ = false;
  }
}

/// With a connection for this pass alone, to the file that has the name now.
void Checkpointer::make_pass() {
  try {
    SqliteConnection connection(file_, {.mode = OpenMode::ReadWrite});
    if (const auto pass = make_checkpoint_pass(connection)) last_ = *pass;
  } catch (const std::exception& fault) {
    std::cerr << "portico: the log of changes stays as it is: " << fault.what() << '\n';
  }
}

}  // namespace portico::store
