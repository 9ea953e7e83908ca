return (pcall(os.date, "%E%O%Q%J%N")) and os.date("%Q") ~= "%Q"
