if os.getenv("AUTH") then wrk.headers["Authorization"] = os.getenv("AUTH") end
if os.getenv("COOKIE") then wrk.headers["Cookie"] = os.getenv("COOKIE") end
local expected = tonumber(os.getenv("EXPECTED") or "200")
local bad = 0
function response(status) if status ~= expected then bad = bad + 1; if bad == 1 then print("FIRST BAD STATUS " .. status) end end end
