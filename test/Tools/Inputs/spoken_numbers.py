# Pairs of numbers in digits and in words, a line each: "4 2" and "four two".

WORDS = "zero one two three four five six seven eight nine".split()

for tens in ["", *range(10)]:
    for ones in range(10):
        digits = [tens, ones] if tens != "" else [ones]
        print(*digits, end="\t")
        print(*(WORDS[digit] for digit in digits))
