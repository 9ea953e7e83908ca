return debug.traceback(msg) ~= msg
