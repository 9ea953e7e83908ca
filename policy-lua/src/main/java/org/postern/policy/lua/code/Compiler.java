// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import java.util.List;
import org.postern.policy.lua.code.Actions.AssignAction;
import org.postern.policy.lua.code.Actions.AssignAllAction;
import org.postern.policy.lua.code.Actions.BreakAction;
import org.postern.policy.lua.code.Actions.CallAction;
import org.postern.policy.lua.code.Actions.DeclareAction;
import org.postern.policy.lua.code.Actions.DoAction;
import org.postern.policy.lua.code.Actions.IfAction;
import org.postern.policy.lua.code.Actions.LocalFunctionAction;
import org.postern.policy.lua.code.Actions.ReturnAction;
import org.postern.policy.lua.code.Actions.ReturnCallAction;
import org.postern.policy.lua.code.CallNodes.AnyCallNode;
import org.postern.policy.lua.code.CallNodes.CallNode;
import org.postern.policy.lua.code.CallNodes.MethodCallNode;
import org.postern.policy.lua.code.ConstructorNodes.FunctionNode;
import org.postern.policy.lua.code.ConstructorNodes.TableNode;
import org.postern.policy.lua.code.Loops.GenericForAction;
import org.postern.policy.lua.code.Loops.NumericForAction;
import org.postern.policy.lua.code.Loops.RepeatAction;
import org.postern.policy.lua.code.Loops.WhileAction;
import org.postern.policy.lua.code.OperatorNodes.AndNode;
import org.postern.policy.lua.code.OperatorNodes.ArithmeticNode;
import org.postern.policy.lua.code.OperatorNodes.ComparisonNode;
import org.postern.policy.lua.code.OperatorNodes.ConcatenationNode;
import org.postern.policy.lua.code.OperatorNodes.NotNode;
import org.postern.policy.lua.code.OperatorNodes.OrNode;
import org.postern.policy.lua.code.OperatorNodes.SingleNode;
import org.postern.policy.lua.code.OperatorNodes.UnaryNode;
import org.postern.policy.lua.code.VariableNodes.CellNode;
import org.postern.policy.lua.code.VariableNodes.ConstantNode;
import org.postern.policy.lua.code.VariableNodes.GlobalNode;
import org.postern.policy.lua.code.VariableNodes.IndexNode;
import org.postern.policy.lua.code.VariableNodes.LocalNode;
import org.postern.policy.lua.code.VariableNodes.UpvalueNode;
import org.postern.policy.lua.code.VariableNodes.VarargsNode;
import org.postern.policy.lua.run.Prototype;
import org.postern.policy.lua.syntax.Expression;
import org.postern.policy.lua.syntax.FunctionBody;
import org.postern.policy.lua.syntax.Parser;
import org.postern.policy.lua.syntax.Statement;
import org.postern.policy.lua.syntax.SyntaxError;
import org.postern.policy.lua.syntax.Variable;

/** Turns the tree of a chunk into one that runs. */
public final class Compiler {

    private final String chunk;

    private Compiler(String chunk) {
        this.chunk = chunk;
    }

    /**
     * Compiles a chunk.
     *
     * @param chunk its name in messages and tracebacks
     * @param source its octets
     * @throws SyntaxError if it is no Lua
     */
    public static Prototype compile(String chunk, String source) throws SyntaxError {
        return new Compiler(chunk).function(Parser.parse(chunk, source));
    }

    private CompiledFunction function(FunctionBody body) {
        return new CompiledFunction(body, chunk, actions(body.block()));
    }

    private Action[] actions(List<Statement> block) {
        return block.stream().map(this::action).toArray(Action[]::new);
    }

    private Node[] nodes(List<Expression> expressions) {
        return expressions.stream().map(this::node).toArray(Node[]::new);
    }

    private static Target[] declaring(List<Variable> variables) {
        return variables.stream().map(Target::declaring).toArray(Target[]::new);
    }

    private Action action(Statement statement) {
        return switch (statement) {
            case Statement.LocalDeclaration declaration ->
                new DeclareAction(declaring(declaration.variables()), nodes(declaration.values()));
            case Statement.LocalFunction local ->
                new LocalFunctionAction(
                        Target.declaring(local.variable()), Target.assigning(local.variable()), node(local.function()));
            case Statement.Assignment assignment -> assignment(assignment);
            case Statement.CallStatement call -> new CallAction(node(call.call()));
            case Statement.Do block -> new DoAction(actions(block.block()));
            case Statement.While loop -> new WhileAction(node(loop.condition()), actions(loop.block()));
            case Statement.Repeat loop -> new RepeatAction(actions(loop.block()), node(loop.condition()));
            case Statement.If choice -> choice(choice);
            case Statement.NumericFor loop ->
                new NumericForAction(
                        Target.declaring(loop.variable()),
                        node(loop.from()),
                        node(loop.to()),
                        loop.step() == null ? null : node(loop.step()),
                        actions(loop.block()),
                        loop.line());
            case Statement.GenericFor loop ->
                new GenericForAction(
                        declaring(loop.variables()), nodes(loop.values()), actions(loop.block()), loop.line());
            case Statement.Return last -> returning(nodes(last.values()));
            case Statement.Break ignored -> new BreakAction();
        };
    }

    private static Action returning(Node[] values) {
        return values.length == 1 && values[0] instanceof AnyCallNode call
                ? new ReturnCallAction(call)
                : new ReturnAction(values);
    }

    private Action assignment(Statement.Assignment assignment) {
        Target[] targets = assignment.targets().stream().map(this::target).toArray(Target[]::new);
        Node[] values = nodes(assignment.values());
        return targets.length == 1 && values.length == 1
                ? new AssignAction(targets[0], values[0])
                : new AssignAllAction(targets, values);
    }

    private Target target(Expression.Assignable assignable) {
        return switch (assignable) {
            case Expression.Local local -> Target.assigning(local.variable());
            case Expression.Upvalue upvalue -> new Target.Upvalue(upvalue.index());
            case Expression.Global global -> new Target.Global(global.name(), global.line());
            case Expression.Index index -> new Target.Indexed(node(index.object()), node(index.key()), index.line());
        };
    }

    private Action choice(Statement.If choice) {
        List<Statement.Branch> branches = choice.branches();
        return new IfAction(
                branches.stream().map(branch -> node(branch.condition())).toArray(Node[]::new),
                branches.stream().map(branch -> actions(branch.block())).toArray(Action[][]::new),
                actions(choice.otherwise()));
    }

    private Node node(Expression expression) {
        return switch (expression) {
            case Expression.Constant constant -> new ConstantNode(constant.value());
            case Expression.Varargs ignored -> new VarargsNode();
            case Expression.Local local -> local(local.variable());
            case Expression.Upvalue upvalue -> new UpvalueNode(upvalue.index(), upvalue.name());
            case Expression.Global global -> new GlobalNode(global.name(), global.line());
            case Expression.Index index -> new IndexNode(node(index.object()), node(index.key()), index.line());
            case Expression.Call call -> new CallNode(node(call.function()), nodes(call.arguments()), call.line());
            case Expression.MethodCall call ->
                new MethodCallNode(node(call.object()), call.name(), nodes(call.arguments()), call.line());
            case Expression.Parenthesised inner -> single(node(inner.inner()));
            case Expression.Function function ->
                new FunctionNode(function(function.body()), function.body().upvalues());
            case Expression.And and -> new AndNode(node(and.left()), node(and.right()));
            case Expression.Or or -> new OrNode(node(or.left()), node(or.right()));
            case Expression.Not not -> new NotNode(node(not.operand()));
            case Expression.Unary unary -> new UnaryNode(unary.operator(), node(unary.operand()), unary.line());
            case Expression.Binary binary -> binary(binary);
            case Expression.Concatenation joined -> new ConcatenationNode(nodes(joined.operands()), joined.line());
            case Expression.Table table -> table(table);
        };
    }

    private static Node local(Variable variable) {
        return variable.captured()
                ? new CellNode(variable.slot(), variable.name())
                : new LocalNode(variable.slot(), variable.name());
    }

    private static Node single(Node inner) {
        return inner.isMultiple() ? new SingleNode(inner) : inner;
    }

    private Node binary(Expression.Binary binary) {
        Node left = node(binary.left());
        Node right = node(binary.right());
        return switch (binary.operator()) {
            case LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL, NOT_EQUAL_IN_C ->
                new ComparisonNode(binary.operator(), left, right, binary.line());
            default -> new ArithmeticNode(binary.operator(), left, right, binary.line());
        };
    }

    private Node table(Expression.Table table) {
        return new TableNode(
                nodes(table.positional()),
                table.fields().stream().map(field -> node(field.key())).toArray(Node[]::new),
                table.fields().stream().map(field -> node(field.value())).toArray(Node[]::new),
                table.line());
    }
}
