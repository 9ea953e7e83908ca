// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Values;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.policy.MessageView;

/**
 * The methods and fields of {@code msg}. What Postern fixes before a hook is called can be read and not set; setting it is
 * an error rather than a silence.
 */
public final class MessageLibrary {

    /** Where the methods are, in the registry of the state. */
    static final String METHODS = "message";

    private MessageLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state) {
        LuaTable methods = Module.unnamed(state, "msg")
                .function("address_header", MessageLibrary::addressHeader)
                .function("binding", MessageLibrary::binding)
                .function("binding_group", MessageLibrary::bindingGroup)
                .function("code", call -> Values.one(null))
                .function("context_delete", MessageLibrary::contextDelete)
                .function("context_exists", MessageLibrary::contextExists)
                .function("context_exists_and_get", MessageLibrary::contextExistsAndGet)
                .function("context_get", MessageLibrary::contextGet)
                .function("context_set", MessageLibrary::contextSet)
                .function("get_delivery_method", call -> Values.one("ESMTP"))
                .function("get_envelope2", MessageLibrary::envelope)
                .function("get_message_size", call -> Values.one(size(call)))
                .function("header", MessageLibrary::header)
                .function("mailfrom", call -> address(call, sender(call)))
                .function("rcptto", call -> address(call, recipient(call)))
                .function("routing_domain", MessageLibrary::routingDomain)
                .table();
        state.registry().set(METHODS, methods);
    }

    private static MessageObject message(Arguments call) {
        return call.userdata(1, MessageObject.class, "message");
    }

    /** A field of the message; nil for one that nobody knows. */
    static Object field(LuaState state, MessageObject object, Object key) {
        Optional<MessageView> view = object.delivery(state);
        return switch (String.valueOf(key)) {
            case "id" -> view.map(message -> message.id().value()).orElse(null);
            case "batch_id", "conn_id" -> object.variable(state, (String) key);
            case "priority" -> 0.0;
            case "num_retries" ->
                view.map(message -> (double) message.retries()).orElse(0.0);
            case "message_size" -> (double) object.message(state).size();
            default -> null;
        };
    }

    // Contexts.

    private static boolean isMessageContext(Arguments call) {
        double context = call.number(2);
        if (context != MsysLibrary.MESSAGE_CONTEXT && context != MsysLibrary.CONNECTION_CONTEXT) {
            throw call.bad(2, "no such context");
        }
        return context == MsysLibrary.MESSAGE_CONTEXT;
    }

    private static Optional<String> variable(Arguments call) {
        MessageObject message = message(call);
        String name = call.string(3);
        return isMessageContext(call) ? message.get(call.state(), name) : Optional.empty();
    }

    private static Object[] contextGet(Arguments call) {
        return Values.one(variable(call).orElse(""));
    }

    private static Object[] contextExists(Arguments call) {
        return Values.one(variable(call).isPresent() ? 1.0 : 0.0);
    }

    private static Object[] contextExistsAndGet(Arguments call) {
        return variable(call).map(value -> new Object[] {1.0, value}).orElseGet(() -> new Object[] {0.0, null});
    }

    private static Object[] contextSet(Arguments call) {
        MessageObject message = message(call);
        String name = call.string(3);
        if (!isMessageContext(call) || !call.has(4)) {
            return Values.one(0.0);
        }
        message.set(call.state(), name, contextValue(call));
        return Values.one(1.0);
    }

    // A boolean is what configurations write for it, "false" being how authentication is cancelled.
    private static String contextValue(Arguments call) {
        return call.value(4) instanceof Boolean truth ? truth.toString() : call.string(4);
    }

    private static Object[] contextDelete(Arguments call) {
        MessageObject message = message(call);
        String name = call.string(3);
        return Values.one(isMessageContext(call) && message.delete(call.state(), name) ? 1.0 : 0.0);
    }

    // Envelope.

    private static String sender(Arguments call) {
        return message(call).message(call.state()).envelope().senderText();
    }

    private static String recipient(Arguments call) {
        return message(call)
                .message(call.state())
                .envelope()
                .recipients()
                .getFirst()
                .toString();
    }

    private static Object[] address(Arguments call, String address) {
        refuseToSet(call, "the envelope");
        return Values.one(Values.fromText(address));
    }

    private static void refuseToSet(Arguments call, String what) {
        if (call.has(2)) {
            throw call.error("a hook cannot change " + what);
        }
    }

    private static Object[] envelope(Arguments call) {
        var envelope = message(call).message(call.state()).envelope();
        int flags = (int) call.integer(2);
        StringBuilder recipients = new StringBuilder();
        for (MailAddress address : envelope.recipients()) {
            call.budget().charge(1);
            recipients.append(recipients.isEmpty() ? "" : ",").append(address);
        }
        boolean from = (flags & 1) != 0 || (flags & 3) == 0;
        boolean to = (flags & 2) != 0 || (flags & 3) == 0;
        int position = 3;
        if (from) {
            fill(call, position++, envelope.senderText());
        }
        if (to && call.has(position)) {
            fill(call, position, recipients.toString());
        }
        return Values.one(1.0);
    }

    private static void fill(Arguments call, int position, String text) {
        call.userdata(position, StringObject.class, "ec_string")
                .text(call.state().string(Values.fromText(text)));
    }

    private static Object[] routingDomain(Arguments call) {
        MessageObject message = message(call);
        refuseToSet(call, "the routing domain");
        return Values.one(message.delivery(call.state())
                .map(view -> Values.fromText(view.routingDomain().name()))
                .orElse(null));
    }

    private static Object[] binding(Arguments call) {
        MessageObject message = message(call);
        if (!call.has(2)) {
            return Values.one(message.chosenBinding()
                    .map(Values::fromText)
                    .orElseGet(() -> Values.fromText(
                            message.message(call.state()).binding().name())));
        }
        refuseAtDelivery(call, message);
        message.choose(Optional.of(call.text(2)), Optional.empty());
        return Values.NONE;
    }

    private static Object[] bindingGroup(Arguments call) {
        MessageObject message = message(call);
        if (!call.has(2)) {
            return Values.one(message.chosenGroup()
                    .map(Values::fromText)
                    .orElseGet(() -> Values.fromText(
                            message.message(call.state()).binding().group().name())));
        }
        refuseAtDelivery(call, message);
        message.choose(Optional.empty(), Optional.of(call.text(2)));
        return Values.NONE;
    }

    private static void refuseAtDelivery(Arguments call, MessageObject message) {
        if (message.delivery(call.state()).isPresent()) {
            throw call.error("the binding can be chosen in validate_set_binding only");
        }
    }

    private static Double size(Arguments call) {
        return Values.number(message(call).message(call.state()).size());
    }

    // Header.

    private static List<String> fields(Arguments call) {
        MessageObject message = message(call);
        String name = call.text(2);
        try {
            return message.message(call.state()).header(name);
        } catch (IOException unreadable) {
            throw call.error("the message cannot be read");
        }
    }

    private static Object[] header(Arguments call) {
        if (call.has(3)) {
            throw call.error("a hook cannot change the header");
        }
        LuaTable values = call.state().table();
        for (String value : fields(call)) {
            values.set(values.length() + 1, call.state().string(Values.fromText(value)));
        }
        return Values.one(values);
    }

    private static Object[] addressHeader(Arguments call) {
        String part = call.string(3, "email").toLowerCase(Locale.ROOT);
        LuaTable values = call.state().table();
        for (String field : fields(call)) {
            for (HeaderAddress address : HeaderAddress.parseAll(call, field)) {
                values.set(values.length() + 1, call.state().string(Values.fromText(address.part(call, part))));
            }
        }
        return Values.one(values);
    }
}
