-- Each connection waits before its next request, at random and on average PAUSE_MS.
local pause = tonumber(os.getenv("PAUSE_MS"))
function delay()
  return math.floor(-math.log(1 - math.random()) * pause + 0.5)
end
