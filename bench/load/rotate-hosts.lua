-- wrk's script: asks for service-0, service-1, … in turn, as many as the argument says.
local count = 1
local sent = 0

function init(args)
  count = tonumber(args[1])
end

function request()
  sent = sent + 1
  return wrk.format("GET", "/", { ["Host"] = "service-" .. (sent % count) .. ".bench.test" })
end
