math.randomseed(1)
return math.random() == nil
