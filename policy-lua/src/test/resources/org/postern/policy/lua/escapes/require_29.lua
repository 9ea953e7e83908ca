return (pcall(require, "META-INF.MANIFEST"))
