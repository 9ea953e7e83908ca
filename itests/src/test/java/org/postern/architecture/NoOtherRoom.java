// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Optional;

/** A class in one of these packages depends on no class in another of them. */
final class NoOtherRoom extends ArchCondition<JavaClass> {

    private final List<String> rooms;

    private NoOtherRoom(List<String> rooms) {
        super("not depend on another of the rooms");
        this.rooms = rooms;
    }

    static NoOtherRoom among(List<String> rooms) {
        return new NoOtherRoom(rooms);
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        Optional<String> own = roomOf(type);
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            Optional<String> other = roomOf(dependency.getTargetClass().getBaseComponentType());
            if (other.isPresent() && !other.equals(own)) {
                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
            }
        }
    }

    private Optional<String> roomOf(JavaClass type) {
        return rooms.stream()
                .filter(name -> (type.getPackageName() + ".").startsWith("org.postern." + name + "."))
                .findFirst();
    }
}
