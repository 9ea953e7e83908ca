return msys.expandMacro("%{sys:user.home}${java.version}%{java:version}") ~= "${java.version}"
