return ac:anything("x") ~= nil or vctx:set(1, "a", "b") ~= nil or vctx:get(1, "a") ~= nil
