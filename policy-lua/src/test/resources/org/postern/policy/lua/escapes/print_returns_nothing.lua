return select("#", print("x")) ~= 0
