-- Clicks for wrk: each with a member of its own, from one of some browsers. bench/clicks.mjs runs it against this server and nginx.
--
--   wrk -t1 -c64 -d5 --latency -s bench/clicks.lua http://127.0.0.1:8080 -- MERCHANT AFFILIATE

local threads = {}

function setup(thread)
   thread:set("number", #threads)
   table.insert(threads, thread)
end

local agents = {
   "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
   "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
   "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
   "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
}
local before, after = {}, {}
local made = 0
failed = 0

function init(args)
   for i, agent in ipairs(agents) do
      before[i] = "GET /click.php?m=" .. args[1] .. "&a=" .. args[2] .. "&l=0000&l_cd1=2&l_cd2=0&u_id=member" .. number .. "x"
      after[i] = " HTTP/1.1\r\nHost: click.example\r\nUser-Agent: " .. agent
         .. "\r\nAccept: text/html\r\nReferer: https://blog.example/post/1\r\n\r\n"
   end
end

function request()
   made = made + 1
   local i = made % #agents + 1
   return before[i] .. made .. after[i]
end

function response(status)
   if status ~= 302 then failed = failed + 1 end
end

function done(summary, latency)
   local refused = 0
   for _, thread in ipairs(threads) do refused = refused + thread:get("failed") end
   local errors = summary.errors
   io.write(string.format('{"requests":%d,"seconds":%.6f,"refused":%d,"errors":%d,"p50_us":%d,"p99_us":%d,"max_us":%d}\n',
      summary.requests, summary.duration / 1e6, refused, errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50), latency:percentile(99), latency.max))
end
