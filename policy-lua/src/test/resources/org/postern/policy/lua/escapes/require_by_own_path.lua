package.path = "/etc/?;/etc/?.conf"
package.cpath = "/usr/lib/?.so"
return (pcall(require, "passwd"))
