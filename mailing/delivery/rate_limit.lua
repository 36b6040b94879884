-- Reserve permits of one bucket: each is a moment of this server's clock, at least an interval after the one before.
--
-- KEYS[1]  holds the moment of the last permit given out
-- ARGV     interval · how far ahead a permit may lie · how far back · how many are wanted · a permit that comes back,
--          unused, or 0. All in microseconds; the interval may have a fraction.
-- Returns  the moment now · how many permits there are · the moment of the first · the moment of the last given out
local interval, ahead, back = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local wanted, unused = tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local horizon = now + ahead

-- A bucket that is not known (wiped, expired) may have given out permits up to the horizon, and so may one from whose
-- moment the clock was set back. Nothing else can lie beyond it.
local last = math.min(tonumber(redis.call('GET', KEYS[1])) or horizon, horizon)
local due = last + interval
if last == unused then
  due = last
end

local first = math.ceil(math.max(due, now - back))
local count = math.max(0, math.min(wanted, math.floor((horizon - first) / interval) + 1))
if count > 0 then
  last = math.ceil(first + (count - 1) * interval)
end
-- An hour: a mailing that rests for longer begins as a new one does, and Redis keeps nothing of those that are over.
redis.call('SET', KEYS[1], string.format('%.0f', last), 'PX', 3600000)
return { now, count, first, last }
