return msys.expandMacro("%{vctx_mess:%{vctx_mess:x}}") == ""
