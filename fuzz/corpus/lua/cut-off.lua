#!/usr/bin/lua
x = "\400