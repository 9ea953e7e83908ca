// SPDX-License-Identifier: Apache-2.0
/** The verb {@code demo}: the main job, for real, between a listener and two peers on loopback. */
package org.postern.launcher.demo;
