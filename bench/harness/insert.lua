-- One insert after the other, each of a row of its own.
local threads = 0
local number = 0
local note = string.rep("x", 1000)

function setup(thread)
  thread:set("thread", threads)
  threads = threads + 1
end

function request()
  number = number + 1
  local body = string.format('{"name":"%d-%d","total":%d,"note":"%s"}', thread, number, number % 100000, note)
  return wrk.format("POST", "/entries", nil, body)
end
