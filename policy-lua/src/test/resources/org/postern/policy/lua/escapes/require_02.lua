return (pcall(require, "java.lang.System"))
