package.loaded.io = {open = function() return false end}
return require("io").open("/etc/passwd") and true
