return msys.expandMacro("%{env:HOME}") ~= ""
