/// Items, given out and taken back.
extension RedisScript {
  /// One item: looked at, put in line, ended.
  static let items = #"""
    local function place(stage, index) return whole(stage) .. ':' .. whole(index) end

    local function item(job, stage, index)
      local text = call('HGET', P .. 'item:' .. job.id, place(stage, index))
      if not text then return nil end
      local state, fence, attempts = string.match(text, '^(%d+) (%d+) (%d+)$')
      return {state = tonumber(state), fence = tonumber(fence), attempts = tonumber(attempts)}
    end

    local function put(job, stage, index, state, fence, attempts)
      call('HSET', P .. 'item:' .. job.id, place(stage, index),
        whole(state) .. ' ' .. whole(fence) .. ' ' .. whole(attempts))
    end

    local function line_up(job, stage, index)
      call('ZADD', P .. 'queue:' .. job.id .. ':' .. whole(stage), whole(index), whole(index))
    end

    local function is_held(job, stage, index, fence)
      local it = item(job, stage, index)
      return it and it.state == RUNNING and it.fence == fence
    end

    local function keep(kind, job, stage, index, value)
      if value then
        call('HSET', P .. kind .. ':' .. job.id, place(stage, index), value)
      else
        call('HDEL', P .. kind .. ':' .. job.id, place(stage, index))
      end
    end

    local function end_postponement(job) job.later, job.postponed, job.postponement = nil, nil, nil end

    -- Sets the state of an item that ran.
    local function set(job, stage, index, state, result, reason)
      local it = item(job, stage, index)
      put(job, stage, index, state, it.fence, it.attempts)
      call('ZREM', P .. 'leases', job.id .. ':' .. place(stage, index))
      keep('result', job, stage, index, result)
      keep('reason', job, stage, index, reason)
      job.running = job.running - 1
      if state == QUEUED then
        job.queued = job.queued + 1
        line_up(job, stage, index)
      end
      if state == DONE or state == FAILED then end_postponement(job) end
      if stage == WORK and state == DONE then job.done = job.done + 1 end
      if stage == WORK and (state == FAILED or state == DEAD) then job.failed = job.failed + 1 end
    end

    local function drop_items(id)
      call('DEL', P .. 'item:' .. id, P .. 'input:' .. id, P .. 'result:' .. id, P .. 'reason:' .. id,
        P .. 'queue:' .. id .. ':0', P .. 'queue:' .. id .. ':1', P .. 'queue:' .. id .. ':2')
    end

    local function close(job, state, reason, result)
      job.state, job.reason = state, reason or job.reason
      job.queued, job.running, job.ended, job.expires = 0, 0, now, now + job.keep
      end_postponement(job)
      result = result or {}
      job.result_name, job.result_bytes, job.result_checksum, job.result_type = result[1], result[2], result[3], result[4]
      call('HINCRBY', META, 'open', -1)
      call('HINCRBY', P .. 'owner:' .. job.owner, 'open', -1)
      call('HINCRBY', P .. 'owner:' .. job.owner, 'bytes', whole(-job.bytes))
      call('ZADD', P .. 'expires', whole(job.expires), job.id)
      -- Nothing will be tried again, and the result holds it all.
      if state == 'done' then drop_items(job.id) end
    end

    -- After an item's end: begins the next stage when nothing of this one is left.
    local function move_on(job)
      if job.ended or job.queued > 0 or job.running > 0 then return end
      if job.state == 'cancelled' and job.stage ~= GATHER and job.done + job.failed == 0 then
        return close(job, 'cancelled')
      end
      local stage, count = GATHER, 1
      if job.stage == PLAN and job.state ~= 'cancelled' then
        job.total = job.noted or 0
        if job.total > 0 then stage, count = WORK, job.total end
      end
      for index = 0, count - 1 do
        if stage == GATHER then put(job, GATHER, 0, QUEUED, 0, 0) end
        line_up(job, stage, index)
      end
      job.stage, job.queued = stage, count
    end

    local STAGES = {[PLAN] = 'finding out what is to be done', [GATHER] = 'gathering the results'}

    -- Has the item dead, and with a plan or a gathering its job.
    local function give_up(job, stage, index, reason, job_reason)
      set(job, stage, index, DEAD, nil, reason)
      if stage ~= WORK then close(job, 'dead', job_reason) end
    end

    -- Makes an item that ran claimable again, or dead at its last attempt.
    local function free(job, stage, index, attempts)
      if job.state == 'cancelled' and stage ~= GATHER then
        set(job, stage, index, CANCELLED)
      elseif attempts >= ATTEMPTS then
        local reason = 'its worker was lost ' .. whole(attempts) .. ' times'
        give_up(job, stage, index, reason, (STAGES[stage] or '') .. ' was given up: ' .. reason)
      else
        set(job, stage, index, QUEUED)
      end
    end

    local function hand_back(job, stage, index)
      local it = item(job, stage, index)
      put(job, stage, index, RUNNING, it.fence, it.attempts - 1)
      -- Not counted: so it is not the last attempt either.
      free(job, stage, index, 0)
    end

    -- Hands the item back and has the job wait, or gives the item up.
    local function postpone(job, stage, index, reason)
      if job.state == 'cancelled' and stage ~= GATHER then return hand_back(job, stage, index) end
      if job.postponed and now - job.postponed >= PATIENCE then
        reason = reason .. '; ' .. GIVEN_UP
        return give_up(job, stage, index, reason, reason)
      end
      hand_back(job, stage, index)
      job.later, job.postponed, job.postponement = now + POSTPONEMENT, job.postponed or now, reason
    end
    """#

  /// Work that is given out and renewed.
  static let work = #"""
    -- Some at a time: the next claim frees more.
    local function free_lost()
      local lost = call('ZRANGEBYSCORE', P .. 'leases', '-inf', '(' .. whole(now), 'LIMIT', 0, 100)
      for _, member in ipairs(lost) do
        local id, stage, index = string.match(member, '^(%x+):(%d+):(%d+)$')
        local job = load(id)
        stage, index = tonumber(stage), tonumber(index)
        call('HINCRBY', META, 'lost', 1)
        free(job, stage, index, item(job, stage, index).attempts)
        move_on(job)
        save(job)
      end
    end

    -- Some at a time: the next claim brings more.
    local function bring_back_postponed()
      local due = call('ZRANGEBYSCORE', P .. 'later', '-inf', whole(now), 'LIMIT', 0, 100)
      for _, id in ipairs(due) do
        local job = load(id)
        job.later = nil
        save(job)
      end
    end

    local function drop_noted(job, first)
      for index = first, (job.noted or 0) - 1 do
        keep('item', job, WORK, index)
        keep('input', job, WORK, index)
      end
      job.noted = first
    end

    local function claim_of(job, limit)
      local queue = P .. 'queue:' .. job.id .. ':' .. whole(job.stage)
      local chosen = {}
      for _, index in ipairs(call('ZRANGE', queue, 0, math.max(1, limit) - 1)) do
        local it = item(job, job.stage, tonumber(index))
        it.index = tonumber(index)
        -- What a worker was lost with goes alone.
        if it.attempts > 0 and #chosen > 0 then break end
        chosen[#chosen + 1] = it
        if it.attempts > 0 then break end
      end
      if #chosen == 0 then return {} end
      -- What a lost or cancelled plan had noted.
      if job.stage == PLAN then drop_noted(job, 0) end
      local fence = math.max((job.fences or 0) + 1, now)
      local items = {}
      for at, it in ipairs(chosen) do
        put(job, job.stage, it.index, RUNNING, fence + at - 1, it.attempts + 1)
        call('ZREM', queue, whole(it.index))
        call('ZADD', P .. 'leases', whole(now + LEASE), job.id .. ':' .. place(job.stage, it.index))
        local input = call('HGET', P .. 'input:' .. job.id, place(job.stage, it.index))
        items[at] = {it.index, fence + at - 1, it.attempts + 1, input or ''}
      end
      job.fences = fence + #chosen - 1
      job.queued, job.running = job.queued - #chosen, job.running + #chosen
      job.attempts = math.max(job.attempts, chosen[1].attempts + 1)
      job.started = job.started or now
      local is_cancelled = job.state == 'cancelled' and 1 or 0
      if job.state == 'queued' then job.state = 'running' end
      save(job)
      local specification = call('GET', P .. 'specification:' .. job.id)
      return {job.id, job.owner, job.stage, specification, is_cancelled, items}
    end

    local ops = {}

    -- limit, then the ids of jobs that are passed over
    function ops.claim(a)
      free_lost()
      bring_back_postponed()
      local passed = {}
      for at = 2, #a do passed[a[at]] = true end
      -- Each of them can stand before what is looked for: once among its owner's jobs, and with its owner before others.
      for _, owner in ipairs(call('ZRANGE', P .. 'ready', 0, #a - 1)) do
        for _, member in ipairs(call('ZRANGE', P .. 'waiting:' .. owner, 0, #a - 1)) do
          local id = string.sub(member, -32)
          if not passed[id] then
            call('HSET', P .. 'owner:' .. owner, 'turn', call('HINCRBY', META, 'turn', 1))
            return claim_of(load(id), tonumber(a[1]))
          end
        end
      end
      return {}
    end

    -- seconds, duration, then for each claim: id, stage, index, fence
    function ops.renew(a)
      local lost, cancelled = {}, {}
      for at = 3, #a, 4 do
        local job, stage, index = load(a[at]), tonumber(a[at + 1]), tonumber(a[at + 2])
        if not job or not is_held(job, stage, index, tonumber(a[at + 3])) then
          lost[#lost + 1] = (at - 3) / 4
        else
          if job.state == 'cancelled' and stage ~= GATHER then cancelled[#cancelled + 1] = (at - 3) / 4 end
          call('ZADD', P .. 'leases', whole(now + LEASE), job.id .. ':' .. place(stage, index))
          if a[1] ~= '' or a[2] ~= '' then
            job.seconds, job.duration = a[1] ~= '' and a[1] or nil, a[2] ~= '' and a[2] or nil
          end
        end
      end
      save_all()
      return {lost, cancelled}
    end

    -- id, stage, index, fence, first, then the items
    function ops.note(a)
      local job, first = load(a[1]), tonumber(a[5])
      if tonumber(a[2]) ~= PLAN or not job or not is_held(job, PLAN, tonumber(a[3]), tonumber(a[4])) then return 0 end
      local last = first + #a - 5
      drop_noted(job, last)
      for at = 6, #a do
        put(job, WORK, first + at - 6, QUEUED, 0, 0)
        keep('input', job, WORK, first + at - 6, a[at])
      end
      job.noted = last
      save(job)
      return 1
    end
    """#

  /// Work that ends.
  static let ends = #"""
    -- '1' to gather, then for each end: id, stage, index, fence, 'done' 'failed' 'back' or 'later', its result or reason
    function ops.finish(a)
      local refused, count = {}, 0
      for at = 2, #a, 6 do
        local job, stage, index = load(a[at]), tonumber(a[at + 1]), tonumber(a[at + 2])
        local outcome, words = a[at + 4], a[at + 5]
        count = count + 1
        local is_open = outcome == 'back' or outcome == 'later'
        if stage == GATHER and not is_open or not job or not is_held(job, stage, index, tonumber(a[at + 3])) then
          refused[#refused + 1] = count - 1
        else
          if outcome == 'done' then
            set(job, stage, index, DONE, words)
          elseif outcome == 'failed' then
            set(job, stage, index, FAILED, nil, words)
            if stage == PLAN then close(job, 'failed', words) end
          elseif outcome == 'later' then
            postpone(job, stage, index, words)
          else
            hand_back(job, stage, index)
          end
          move_on(job)
        end
      end
      save_all()
      local next = {}
      local job = a[2] and load(a[2])
      if a[1] == '1' and job and tonumber(a[3]) == WORK and #refused < count and job.stage == GATHER and job.queued == 1 then
        next = claim_of(job, 1)
      end
      return {refused, next}
    end

    -- id, stage, index, fence, 'finished' 'failed' or 'dead', the reason, and if there is a result, its name, bytes, checksum, type
    ops['end'] = function(a)
      local job = load(a[1])
      if tonumber(a[2]) ~= GATHER or not job or not is_held(job, GATHER, tonumber(a[3]), tonumber(a[4])) then return 0 end
      set(job, GATHER, tonumber(a[3]), DONE, '')
      local result = a[7] and {a[7], a[8], a[9], a[10]} or nil
      if a[5] == 'finished' then
        close(job, job.state == 'cancelled' and 'cancelled' or 'done', nil, result)
      else
        close(job, a[5], a[6], result)
      end
      save(job)
      return 1
    end
    """#
}
