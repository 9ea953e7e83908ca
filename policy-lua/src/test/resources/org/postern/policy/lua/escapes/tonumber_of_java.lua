return tonumber("1f") or tonumber("1d") or tonumber("NaN") or tonumber("Infinity") or tonumber("0x1p3") or tonumber("1_000")
