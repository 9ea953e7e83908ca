// SPDX-License-Identifier: Apache-2.0
/**
 * Scripts as they are configured: found in folders, compiled once, run in as many instances as there are messages at a time.
 */
package org.postern.policy.lua.script;
