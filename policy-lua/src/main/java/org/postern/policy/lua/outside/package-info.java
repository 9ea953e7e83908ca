// SPDX-License-Identifier: Apache-2.0
/**
 * What scripts may reach beyond themselves: databases, web servers, files in certain folders, the DNS, clocks and locks.
 * Every function that waits does so through the call's budget and ends with it.
 */
package org.postern.policy.lua.outside;
