using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>Generated metadata of the ready-made contracts, in the strict profile.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Planner.Input), TypeInfoPropertyName = "PlannerInput")]
[JsonSerializable(typeof(Planner.Output), TypeInfoPropertyName = "PlannerOutput")]
[JsonSerializable(typeof(Analysis.Input), TypeInfoPropertyName = "AnalysisInput")]
[JsonSerializable(typeof(Analysis.Output), TypeInfoPropertyName = "AnalysisOutput")]
[JsonSerializable(typeof(CodeEdit.Input), TypeInfoPropertyName = "CodeEditInput")]
[JsonSerializable(typeof(CodeEdit.Output), TypeInfoPropertyName = "CodeEditOutput")]
[JsonSerializable(typeof(CodeEdit.Batch.Input), TypeInfoPropertyName = "CodeEditBatchInput")]
[JsonSerializable(typeof(CodeEdit.Batch.Output), TypeInfoPropertyName = "CodeEditBatchOutput")]
[JsonSerializable(typeof(TestWriter.Input), TypeInfoPropertyName = "TestWriterInput")]
[JsonSerializable(typeof(TestWriter.Output), TypeInfoPropertyName = "TestWriterOutput")]
[JsonSerializable(typeof(StaticAnalysis.Input), TypeInfoPropertyName = "StaticAnalysisInput")]
[JsonSerializable(typeof(StaticAnalysis.Output), TypeInfoPropertyName = "StaticAnalysisOutput")]
[JsonSerializable(typeof(Reviewer.Input), TypeInfoPropertyName = "ReviewerInput")]
[JsonSerializable(typeof(Reviewer.Output), TypeInfoPropertyName = "ReviewerOutput")]
[JsonSerializable(typeof(DocWriter.Input), TypeInfoPropertyName = "DocWriterInput")]
[JsonSerializable(typeof(DocWriter.Output), TypeInfoPropertyName = "DocWriterOutput")]
[JsonSerializable(typeof(DecisionReply))]
internal sealed partial class ContractJsonContext : JsonSerializerContext;
