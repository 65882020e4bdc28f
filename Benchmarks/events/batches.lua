-- Batches of 100 events, no two events alike; each thread and run has ids of its own.
local thread = 0

function setup(t)
    t:set("number", thread)
    thread = thread + 1
end

function init(args)
    prefix = args[1] .. "-" .. number .. "-"
    sequence = 0
    headers = { ["Content-Type"] = "application/json" }
end

function request()
    local events = {}
    for index = 1, 100 do
        sequence = sequence + 1
        events[index] = string.format(
            '{"id":"%s%09d","unit":"device-%07d","fact":"purchase","value":%d.99,"time":"%s","properties":{"plan":"yearly","screen":"checkout"}}',
            prefix, sequence, (sequence * 7919) % 1000000, sequence % 50, "2026-11-20T12:00:00.123Z")
    end
    return wrk.format("POST", "/api/v1/events", headers, "[" .. table.concat(events, ",") .. "]")
end

function response(status)
    if status ~= 202 then failed = (failed or 0) + 1 end
end
