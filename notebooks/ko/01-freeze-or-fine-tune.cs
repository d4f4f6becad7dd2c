#!/usr/bin/env dotnet
#:project ../../src/TransferLab.Lessons/TransferLab.Lessons.csproj
#:project ../../src/TransferLab.Backbones.ResNet18/TransferLab.Backbones.ResNet18.csproj

// %% [markdown]
// # 1과: 얼릴까, 미세 조정할까?
//
// 누군가 사진 400장을 건네주며 서로 구별하는 프로그램을 만들어 달라고 합니다. 맨바닥에서 시작할 필요는 없습니다. 백만 장이 넘는 사진으로 이미 "보는 법"을 배운
// 신경망이 있으니까요. 이런 신경망을 쓰는 방법은 두 가지입니다.
//
// * **얼리기(동결, frozen).** 신경망은 그대로 두고, 사진 한 장을 숫자 512개로 바꿔 주는 기계로만 씁니다. 그 숫자 위에 작은 마지막 층, 곧 *헤드(head)* 하나만 학습합니다.
// * **미세 조정(fine-tuning).** 헤드를 붙인 다음, 신경망의 *모든* 가중치를 학습으로 바꿉니다.
//
// 이 과에서는 전체 과정을 처음부터 끝까지 한 번 해 봅니다. 어느 쪽이 이길지 먼저 예상하고, 같은 사진으로 둘 다 돌려 보고, 결과를 살펴본 다음에야 안에서 무슨 일이 있었는지
// 들여다봅니다. 부품을 하나하나 뜯어 보는 것은 2과부터 5과까지의 몫입니다.
//
// 40분쯤 걸립니다. 그중 컴퓨터가 일하는 시간은 2분 남짓입니다. (연습 문제를 채점할 때 나오는 문장은 영어입니다. `[ ]`는 아직 안 풀었다는 뜻, `[x]`는 정답, `[!]`는 오답입니다.)

// %%
using System.IO;
using TransferLab.Networks;
using TransferLab.Backbones;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Lessons;
using TransferLab.Reporting;
using TransferLab.Strategies;
using TransferLab.Training;
using static TransferLab.Lessons.Lesson;

LabeledData data = LessonData.SurfaceDefects(Setting(full: 40, quick: 3), Setting(full: 40, quick: 2));
Console.WriteLine($"학습용 사진 {data.Train.Count}장, 시험용 {data.Test.Count}장, 클래스 {data.Classes.Count}개");
Display(PictureGrid.OfClasses(data));

// %% [markdown]
// 금속 표면에 조명을 낮게 비추고 찍은 사진들입니다. 아홉 가지 결함과, 결함이 없는 깨끗한 금속이 있습니다. (터미널에서는 파일 이름만 보입니다. 몇 장 열어 보세요.) 쉬운 것도
// 있지만 긁힘(scratch)과 균열(crack)은 구별하기가 쉽지 않고, 먼지나 머리카락, 물 자국은 깨끗한 금속에도 있습니다.
//
// 우리가 빌려 쓸 신경망은 이런 사진을 한 번도 본 적이 없습니다. 아래는 그 신경망의 *카드*입니다. 무엇이고, 무엇으로 학습했고, 어디서 왔는지 적혀 있습니다.

// %%
Backbone backbone = ResNet18.ImageNetAt(Setting(full: 96, quick: 64));
Display(backbone.Card);

// %% [markdown]
// ## 먼저 예상하고, 그다음에 보기
//
// 신경망에서 헤드를 뺀 나머지를 *백본(backbone)*이라고 합니다. 이 백본은 개, 자동차, 버섯 사진으로 배웠습니다. 1분만 생각해 보고, 아무것도 실행하기 **전에** 예상을 적어 두세요.
// 예상이 틀리면 예상하지 않았을 때보다 더 많이 배웁니다.
//
// 1. 시험용 사진 400장을 더 많이 맞히는 쪽은 어디일까요? 얼린 쪽일까요, 전부 미세 조정한 쪽일까요?
// 2. 100점 만점에 몇 점 차이가 날까요?
// 3. 느린 쪽은 학습 시간이 몇 배나 걸릴까요?
//
// 아무렇게나 찍으면 100장 중 10장을 맞힙니다.

// %%
string myGuess = "...";   // 예: "frozen이 5포인트 이긴다. full은 10배 걸린다"
Console.WriteLine($"내 예상: {myGuess}");

// %% [markdown]
// 이제 둘 다 돌려 봅시다. *대조군* 두 개도 함께 돌립니다.
//
// * `scratch`는 같은 신경망을 같은 방법으로, 다만 무작위 가중치에서 시작해 학습합니다. 빌려 온 지식의 값어치가 얼마인지 보여 줍니다.
// * `classical`은 신경망을 아예 쓰지 않고, 윤곽선과 색을 세기만 합니다. 이 단순한 방법이 이긴다면 신경망은 필요 없습니다.
//
// 모두 같은 학습용 사진을 보고, 같은 시험용 사진으로 딱 한 번씩 시험을 봅니다. 2분이 걸린다는 것이 바로 이 셀입니다.

// %%
ComparisonOptions options = new()
{
    Strategies = [TransferStrategy.Frozen(), TransferStrategy.Full(), TransferStrategy.Scratch(), ClassicalStrategy.Default()],
};
ComparisonResults results = Compare(data, backbone, options);

// %%
Display(results);

// %% [markdown]
// 예상과 비교해 보세요. 그리고 표를 천천히 읽어 봅시다.
//
// * **accuracy, % (95 % CI)**: 시험용 사진 100장 중 몇 장을 맞혔는지입니다. 시험용 사진은 400장뿐이라, 다른 400장이었다면 숫자가 조금 달라졌을 것입니다. 괄호 안의 범위가 얼마나 달라질 수 있는지를 알려 줍니다.
// * **train time**: 파일을 읽기 시작해서 모델이 완성될 때까지의 시간입니다.
// * **trainable params**: 학습이 바꿀 수 있는 숫자의 개수입니다. 얼린 쪽은 헤드뿐이고, 미세 조정한 쪽은 신경망 전체입니다.
//
// 이 글을 쓴 컴퓨터에서는 frozen이 63.3 %, full이 83.0 %, scratch가 36.8 %, classical이 22.8 %를 맞혔습니다.
//
// ### 연습 1.1
// `full`은 `frozen`보다 몇 *포인트* 더 높습니까? 숫자를 직접 적지 말고 C#이 계산하게 하세요. 그래야 위에서 무언가를 바꾸어도 답이 맞습니다.

// %%
StrategyResult frozen = results.Strategies[0], full = results.Strategies[1];
double? gained = null;   // 여기를 채우세요. 정확도는 frozen.Accuracy.Value, 0에서 1 사이의 값입니다
Check.That(Lesson1.PointsGained(results), gained);
// 막히면 한 줄을 더하세요: Hint();  그래도 안 되면: Solution();

// %% [markdown]
// ### 운은 아닐까?
//
// 똑같은 동전 두 개를 각각 400번씩 던져 봅시다. 둘 중 하나는 앞면이 더 많이 나오겠지만 아무 의미도 없습니다. 그러니 차이에도 범위가 필요합니다. 이 범위는 *짝을 지어* 계산합니다. 두
// 방법이 똑같은 사진에 답했으므로, 한쪽은 맞고 다른 쪽은 틀린 사진만이 차이를 만듭니다.

// %%
PairResult pair = results.Pairs.First(p => p.First == "frozen" && p.Second == "full");
Say(pair.Sentence);

// %% [markdown]
// ### 연습 1.2
// 승자는 누구입니까? `"frozen"`, `"full"`, 아니면 시험이 작아서 말할 수 없으니 `"nobody"`일까요? 차이의 범위를 보고 정하세요.

// %%
string? winner = null;   // 여기를 채우세요. pair.Difference.Low와 pair.Difference.High를 쓰세요
Check.That(Lesson1.Winner(pair), winner);

// %% [markdown]
// ## 안에서 일어난 일
//
// ### 무엇이 움직일 수 있나
//
// 신경망은 층 묶음(layer group)을 한 줄로 세운 것입니다. 데이터는 첫 번째로 들어가서 마지막으로 나오고, 그 뒤에 헤드가 있습니다. *전략*이란 어느 묶음이 바뀌어도 되는지 적은 목록일
// 뿐입니다. 두 방법의 목록은 이렇습니다.

// %%
Display(FreezePlan.Of(backbone, TransferStrategy.Frozen().Phases[^1], data.Classes.Count));
Display(FreezePlan.Of(backbone, TransferStrategy.Full().Phases[^1], data.Classes.Count));

// %% [markdown]
// 두 합계를 보세요. 얼린 쪽은 숫자 5,130개를 바꿉니다. 특징 512개에 클래스 10개를 곱하고 10개를 더한 값이지요. 미세 조정은 거의 1,600만 개를 바꿉니다. 배울 사진은 400장뿐인데
// 말입니다! 그래도 되는 것은 작은 기적인데, 이 1,600만 개가 무작위에서 출발하지 않기 때문에 가능합니다. `scratch`가 그 증거입니다. 같은 신경망, 같은 노력이지만 빌려 온 지식이 없으면
// 정확도가 full의 절반도 되지 않습니다.
//
// ### 얼린 쪽은 왜 그렇게 빠른가
//
// 바뀌지 않는 묶음은 같은 사진에 대해 늘 같은 출력을 냅니다. 그래서 한 번만 계산해 두면 됩니다. 그다음부터 얼린 쪽의 학습은 512개짜리 숫자 400줄만 다루므로 1초도 걸리지 않습니다.
// 미세 조정은 사진 하나하나를 신경망 전체에 앞으로, 뒤로, 거듭거듭 통과시켜야 합니다. 학습용 사진을 모두 한 번씩 보는 것을 *에포크(epoch)*라고 합니다.

// %%
Display(LearningCurves.Of(results));

// %% [markdown]
// 선 하나가 실행 하나입니다. 학습 정확도(점선)는 신경망이 배우고 있는 바로 그 사진으로 잰 것이고, 검증 정확도(실선)는 학습용 사진 가운데 따로 떼어 둔 것으로 잰 것입니다. (frozen과
// classical에서는 점이 에포크가 아니라 설정값 하나를 시험해 본 횟수입니다.) 점선과 실선이 크게 벌어진 곳은 어디이고, 그 간격은 무엇을 뜻할까요? 3과에서 다룹니다.
//
// ### 어떤 사진이 구조되었나
//
// 평균은 많은 것을 감춥니다. 미세 조정이 오답에서 정답으로 바꿔 놓은 사진은 몇 장일까요?
//
// ### 연습 1.3
// `full`은 맞히고 **동시에** `frozen`은 틀린 시험용 사진의 수를 세어 보세요.

// %%
int? rescued = null;   // 여기를 채우세요. results.Test[i].Label이 정답, full.Runs[0].Predicted[i]가 full의 답입니다
Check.That(Lesson1.Rescued(results), rescued);

// %%
int lost = Enumerable.Range(0, results.Test.Count).Count(i => full.Runs[0].Predicted[i] != results.Test[i].Label && frozen.Runs[0].Predicted[i] == results.Test[i].Label);
Say($"{lost}장은 반대로 갔습니다. frozen은 맞혔는데 full은 틀렸습니다.");
for (int label = 0; label < data.Classes.Count; label++)
{
    int[] tests = Enumerable.Range(0, results.Test.Count).Where(i => results.Test[i].Label == label).ToArray();
    int byFrozen = tests.Count(i => frozen.Runs[0].Predicted[i] == label), byFull = tests.Count(i => full.Runs[0].Predicted[i] == label);
    Console.WriteLine($"{data.Classes[label],-16} frozen {byFrozen,2} of {tests.Length}   full {byFull,2} of {tests.Length}");
}

// %% [markdown]
// 어느 클래스가 가장 많이 좋아졌습니까? 그 결함이 어떻게 생겼는지, 그리고 개와 자동차를 아는 신경망이 이미 무엇을 구별할 줄 아는지 생각해 보세요.
//
// ## 예상이 빗나갈 때
//
// 그렇다면 미세 조정이 이기고, 오래 학습한 보람이 있는 걸까요? 많은 교과서에 이런 규칙이 있습니다. *사진이 적으면 얼려라.* 가중치 1,600만 개에 사진 30장이라니, 잘될 리가 없다는 것이지요.
// 신경망이 30장을 통째로 외워 버리고, 알던 것은 잊어버릴 테니까요. 다시 예상해 봅시다. 학습용 사진을 줄여서 **클래스마다 세 장**만 남깁니다. 시험은 그대로입니다. 이번에는 누가, 몇
// 포인트 차이로 이길까요?

// %%
ComparisonOptions fewer = new()
{
    Strategies = [TransferStrategy.Frozen(), TransferStrategy.Full(), ClassicalStrategy.Default()],
    TrainPerClass = Setting(full: 3, quick: 2),
    Seeds = Setting(full: 2, quick: 1),   // 사진이 이렇게 적으면 운이 크게 작용하므로 두 번 뽑습니다
};
ComparisonResults few = Compare(data, backbone, fewer);
Display(few);

// %% [markdown]
// 이 글을 쓴 컴퓨터에서는 frozen이 30.8 %, full이 45.9 %였습니다. 교과서의 규칙이 15포인트 차이로 졌습니다. 왜일까요? 그럴듯한 이유가 두 가지 있고, 둘 다 직접 확인해 볼 수 있습니다.
//
// 1. 그 규칙은 일상적인 물건을 찍은 사진에서 나왔습니다. 그런 사진은 빌려 온 특징만으로도 잘 구별됩니다. 금속 위의 음영은 그런 사진과 거리가 멀어서, 얼린 신경망은 다른 일을 하려고 만든 특징으로 버텨야
//    합니다. (개미와 벌을 찍은 진짜 사진에서는 규칙이 맞습니다. 이 프로젝트의 README에 있는 표에서는 frozen이 이깁니다.)
// 2. 여기의 `full`은 조심스러운 방법입니다. 앞쪽 층은 조금씩만 움직이고, 천천히 시작하고, 사진을 조금씩 변형합니다. 3과에서는 이 조심성을 걷어 내 봅니다.
//
// 그리고 클래스마다 세 장일 때 `classical`은 어떤가요? 10 % 정도, 찍은 것이나 마찬가지입니다.
//
// 어느 쪽도 "더 좋은 방법"이 아닙니다. 사진이 얼마나 있는지, 보통 사진과 얼마나 다른지, 시간이 얼마나 있는지에 달렸습니다. 그래서 재 보는 것이고, `transferlab compare`가 여러분의 사진 폴더로 하는 일도 바로
// 그것입니다.
//
// ## 보고서 전체
//
// 비교 결과는 HTML 한 장으로 만들 수 있습니다. 혼동 행렬과, 가장 크게 틀린 사진들이 들어 있습니다. `full`이 가장 자신 있게 틀린 사진들을 보세요. *여러분*이라면 맞혔을까요?

// %%
ReportPage report = new ReportPage(results).Save(Path.Combine(NewFolder("lesson-1-ko"), "report.html"));
Display(report);

// %% [markdown]
// ## 기억할 것
//
// * 얼리기: 빌려 온 특징, 작은 헤드, 몇 초. 미세 조정: 모든 것이 움직이고, 몇 분.
// * 범위가 없는 차이는 소문일 뿐입니다. 대조군이 없는 비교는 아무것도 말해 주지 않습니다.
// * 얼마나 좋아지는지는 데이터에 달렸습니다. 같은 사진, 같은 노력으로 재어 보세요.
//
// ## 더 해 보기
//
// 1. 첫 셀의 `Setting(full: 40, ...)`을 20으로 바꾸고 전부 다시 실행해 보세요. 어느 쪽이 더 손해를 봅니까?
// 2. 전략 목록에 `TransferStrategy.LpFt()`를 넣어 보세요. 먼저 헤드만, 그다음에 전부 학습하는 방법입니다. 그럴 만한 값어치가 있을까요?
// 3. 명령줄 도구로도 할 수 있습니다. `transferlab compare --images 내-폴더`: 클래스마다 하위 폴더를 하나씩 두면 됩니다.
