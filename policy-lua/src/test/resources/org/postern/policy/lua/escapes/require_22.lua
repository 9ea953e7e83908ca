return (pcall(require, "%2e%2e/x"))
