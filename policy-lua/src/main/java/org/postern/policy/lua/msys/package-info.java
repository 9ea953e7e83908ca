// SPDX-License-Identifier: Apache-2.0
/**
 * What scripts find of the ancestor: {@code msys}, its constants, the message, and {@code print}, whose lines are masked
 * before they are logged.
 */
package org.postern.policy.lua.msys;
