return (pcall(require, ("a."):rep(1000) .. "b"))
