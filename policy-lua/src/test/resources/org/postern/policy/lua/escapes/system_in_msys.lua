return msys.system ~= nil or msys.exec ~= nil or msys.core.exec ~= nil
