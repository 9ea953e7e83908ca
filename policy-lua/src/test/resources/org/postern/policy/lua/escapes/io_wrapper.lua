return msys.core.io_wrapper_open ~= nil
