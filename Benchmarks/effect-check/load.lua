-- Posts tests, one after the other: wrk … -s load.lua URL -- FILE, with a test in each line of the file.

function init(arguments)
  local requests = {}
  for line in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("POST", "/check_test", { ["Content-Type"] = "application/json" }, line)
  end
  local count = 0
  function request()
    count = count % #requests + 1
    return requests[count]
  end
end
