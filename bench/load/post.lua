-- wrk: POST a form, or what CONTENT says. BODY, AUTH come from the environment.
wrk.method = "POST"
wrk.headers["Content-Type"] = os.getenv("CONTENT") or "application/x-www-form-urlencoded"
wrk.body = os.getenv("BODY") or ""
if os.getenv("AUTH") then wrk.headers["Authorization"] = os.getenv("AUTH") end
local bad = 0
function response(status) if status ~= 200 then bad = bad + 1; if bad == 1 then print("FIRST BAD STATUS " .. status) end end end
