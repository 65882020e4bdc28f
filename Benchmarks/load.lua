-- Asks for the variants of devices, whose tokens are PREFIX, the thread's number and a counter:
--
--   wrk … -s load.lua URL -- PREFIX DISTINCT
--
-- A thread walks round its DISTINCT tokens; 0 means that it never repeats one. The servers compared get the same script, so that what it
-- costs is the same for both.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  local before = "GET /api/v1/experiments HTTP/1.1\r\nHost: localhost\r\nDevice-Token: " .. arguments[1] .. number .. "-"
  local after = "\r\n\r\n"
  local distinct = tonumber(arguments[2])
  local count = 0
  function request()
    count = count + 1
    if count == distinct then count = 0 end
    return before .. count .. after
  end
end
