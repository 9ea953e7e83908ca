local parts, i = {"\27", "L", "u", "a"}, 0
return load(function() i = i + 1 return parts[i] end) ~= nil
