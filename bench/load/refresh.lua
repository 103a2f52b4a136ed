-- wrk: rotate refresh tokens. Each waits in a queue until its answer brings the next, so none is ever presented twice.
local queue, first, last, empty = {}, 1, 0, 0
for token in string.gmatch(os.getenv("TOKENS"), "[^,]+") do last = last + 1; queue[last] = token end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
local prefix = os.getenv("BODY") .. "&refresh_token="
local bad = 0
function request()
  if first > last then empty = empty + 1; return wrk.format("GET", "/healthz") end
  local token = queue[first]; queue[first] = nil; first = first + 1
  return wrk.format(nil, nil, nil, prefix .. token)
end
function response(status, headers, body)
  if status ~= 200 then bad = bad + 1; if bad == 1 then print("FIRST BAD STATUS " .. status .. " " .. body) end; return end
  local token = string.match(body, '"refresh_token":"([^"]+)"')
  if token then last = last + 1; queue[last] = token end
end
