return (pcall(require, "java.lang.Runtime"))
