package.loaders = {function() return function() return io end end}
package.preload = {evil = function() return true end}
return (pcall(require, "evil"))
