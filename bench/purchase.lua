-- An independent load generator for the purchase door: distinct purchases of six details, for wrk.
--
--   jangbu serve --sandbox --data DIR --listen 127.0.0.1:8080 &
--   wrk -t1 -c64 -d10 --latency -s bench/purchase.lua http://127.0.0.1:8080 -- DIR/sandbox.json
--
-- Every answer is looked at; those that are no success are counted, and the first one is shown.

local threads = {}

function setup(thread)
   thread:set("number", #threads)
   table.insert(threads, thread)
end

local details = '[{"productId":"2020051310000674","amount":6600,"providePercent":1.7},'
   .. '{"productId":"2020051310000124","amount":6300,"providePercent":8.5},'
   .. '{"productId":"2020051310000997","amount":900,"providePercent":5.7},'
   .. '{"productId":"2020051310000893","amount":15200,"providePercent":4.2},'
   .. '{"productId":"2020051310000032","amount":6800,"providePercent":1},'
   .. '{"productId":"2020051310000103","amount":8600,"providePercent":5.7}]'

local head, tail, headers, prefix
local made = 0
failed = 0
first_failure = ""

function init(args)
   local file = assert(io.open(args[1], "r"), "usage: wrk ... URL -- DIR/sandbox.json")
   local purchase = file:read("*a"):match('"purchase":(%b{})')
   file:close()
   local key = purchase:match('"access_key":"([^"]+)"')
   local shop = purchase:match('"shop_id":"([^"]+)"')
   local now = os.time()
   headers = { ["Authorization"] = key, ["Content-Type"] = "application/json" }
   -- Runs that start in different seconds, and threads of one run, make different purchases.
   prefix = string.format("w%d-%d-", now, number)
   head = '{"purchaseId":"'
   tail = '","timestamp":"' .. now .. '","totalAmount":44400,"cashAmount":44400,"currency":"krw","shopId":"' .. shop
      .. '","userAccount":"0x89e3b2D91ecaf08016eEDb966c1fecA1e326714e","userPhone":"","details":' .. details .. "}"
end

function request()
   made = made + 1
   return wrk.format("POST", "/v1/tx/purchase/new", headers, head .. prefix .. made .. tail)
end

function response(status, _, body)
   if status == 200 and body:sub(1, 10) == '{"code":0,' then return end
   failed = failed + 1
   if first_failure == "" then first_failure = status .. " " .. body end
end

function done()
   local sum = 0
   for _, thread in ipairs(threads) do
      sum = sum + thread:get("failed")
      if thread:get("first_failure") ~= "" then print("first failure: " .. thread:get("first_failure")) end
   end
   print("no success: " .. sum)
end
