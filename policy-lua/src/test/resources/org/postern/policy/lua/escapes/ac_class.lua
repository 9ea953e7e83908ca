return ac.class() ~= nil
